import { SessionKeyError } from '../errors/SessionKeyError.js'

export class NotConnectedError extends SessionKeyError {
  override readonly name = 'NotConnectedError'
  constructor() {
    super('No wallet is connected.', { metaMessages: ["Connect one first: wagmi's useConnect."] })
  }
}

export class ChainNotConfiguredError extends SessionKeyError {
  override readonly name = 'ChainNotConfiguredError'
  constructor({ chainId }: { chainId: number }) {
    super(`Chain ${chainId} is not in wagmi's config.`, { metaMessages: ['Add it to `chains` and `transports` of createConfig.'] })
  }
}

export class RelayNotConfiguredError extends SessionKeyError {
  override readonly name = 'RelayNotConfiguredError'
  constructor() {
    super('The relay lane needs a relay.', { metaMessages: ["Pass createSessionKeyConfig({ relay: 'https://…/rpc' })."] })
  }
}

export class BundlerNotConfiguredError extends SessionKeyError {
  override readonly name = 'BundlerNotConfiguredError'
  constructor() {
    super('The user operation lane needs a bundler.', { metaMessages: ["Pass createSessionKeyConfig({ bundler: { url: 'https://…', paymaster: 'https://…' } })."] })
  }
}
