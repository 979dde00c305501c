import { SessionKeyError } from '../../errors/SessionKeyError.js'

/** Everything that can go wrong with a local chain, but for a package that is not installed; catch this one to catch all of them. */
export class LocalChainError extends SessionKeyError {
  override name = 'LocalChainError'
}

export class UnsupportedPlatformError extends LocalChainError {
  override readonly name = 'UnsupportedPlatformError'
  constructor({ platform, arch, supported }: { platform: string; arch: string; supported: string[] }) {
    super(`There is no anvil binary for ${platform}-${arch}, so a local chain cannot run on this machine.`, {
      metaMessages: [`Binaries exist for ${supported.join(', ')}.`],
    })
  }
}

export class AnvilStartError extends LocalChainError {
  override readonly name = 'AnvilStartError'
  constructor({ reason, output, cause }: { reason: string; output: string; cause?: Error | undefined }) {
    super(`anvil did not start: ${reason}.`, {
      cause,
      metaMessages: output.trim() ? ['anvil said:', ...output.trim().split('\n')] : [],
    })
  }
}

export class ContractSetupError extends LocalChainError {
  override readonly name = 'ContractSetupError'
  constructor({ contract, cause }: { contract: string; cause?: Error | undefined }) {
    super(`${contract} could not be put on the local chain: its constructor failed.`, { cause })
  }
}
