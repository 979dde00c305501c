import { SessionKeyError } from '../errors/SessionKeyError.js'

export class FeeRelayNotConfiguredError extends SessionKeyError {
  override readonly name = 'FeeRelayNotConfiguredError'
  constructor() {
    super('No relay is configured that users pay.', { metaMessages: ["Pass createSessionKeyConfig({ relay: { url: 'https://…', fee: { token } } })."] })
  }
}

/** Somebody switched account, chain or wallet while the wallet was being asked. */
export class ConnectionChangedError extends SessionKeyError {
  override readonly name = 'ConnectionChangedError'
  constructor({ before, after }: { before: string; after: string | undefined }) {
    super(`The connected account changed from ${before} to ${after ?? 'none'} meanwhile.`, { metaMessages: ['Try again.'] })
  }
}

/** The revocation was sent but the chain does not show it yet; the session stays `revoking`. */
export class RevocationNotConfirmedError extends SessionKeyError {
  override readonly name = 'RevocationNotConfirmedError'
  constructor({ id }: { id: string }) {
    super(`The chain does not show yet that session ${id} is revoked.`, {
      metaMessages: ['Its calls may still go through. Revoke it again.'],
    })
  }
}

/** The wallet never answered what it granted, so there is nothing the kit could revoke. */
export class NothingToRevokeError extends SessionKeyError {
  override readonly name = 'NothingToRevokeError'
  constructor({ id }: { id: string }) {
    super(`What the wallet granted to session ${id} is not known.`, {
      metaMessages: ["If it granted anything, end it in the wallet's own list of permissions; the key is kept."],
    })
  }
}

/** Sessions of this dialect act through a backend of the app, and none was given. */
export class ExecutorNotConfiguredError extends SessionKeyError {
  override readonly name = 'ExecutorNotConfiguredError'
  constructor({ dialect }: { dialect: string }) {
    super(`Nothing says how a session in the dialect "${dialect}" acts.`, {
      metaMessages: [`Pass createSessionKeyConfig({ executors: { ${JSON.stringify(dialect)}: … } }); for Openfort: openfortExecutor(…).`],
    })
  }
}

/** Only the wallet itself can end this, in its own screen. The session is as it was, and still allowed to act. */
export class RevokeInWalletError extends SessionKeyError {
  override readonly name = 'RevokeInWalletError'
  constructor({ id, wallet, cause }: { id: string; wallet: string; cause?: Error | undefined }) {
    super(`${wallet} has no method that ends session ${id}, and it is no permission that the account could end on-chain.`, {
      cause,
      metaMessages: [`End it in ${wallet}'s own list of permissions or connected sites. Until then, or until it expires, it may act.`],
    })
  }
}

/** Another wallet shows the same account. What one wallet granted in its own words is not told to another. */
export class OtherWalletError extends SessionKeyError {
  override readonly name = 'OtherWalletError'
  constructor({ id, granted, connected }: { id: string; granted: string; connected: string }) {
    super(`Session ${id} was granted through the connector "${granted}", and ${connected} is connected.`, {
      metaMessages: [
        'Connect the wallet that granted it.',
        'Through WalletConnect a wallet that was paired anew counts as another one: ask it for a new session, and end this one in its own screen.',
      ],
    })
  }
}

/** The kit cannot hold somebody else's key to less than what was granted to it. Nobody was asked. */
export class KeyHeldElsewhereError extends SessionKeyError {
  override readonly name = 'KeyHeldElsewhereError'
  constructor({ address }: { address: string }) {
    super(`${address} is a key held elsewhere, and this request may end in a grant of more than was asked.`, {
      metaMessages: ['Only the kit itself keeps within what was asked. Leave out acceptLosses and onBroader, or let the kit make the key.'],
    })
  }
}

/** The session is as it was granted, and its definition has changed since: what it asks for now would allow these calls. */
export class SessionOutdatedError extends SessionKeyError {
  override readonly name = 'SessionOutdatedError'
  constructor({ name, cause }: { name: string; cause: Error }) {
    super(`The session "${name}" was granted before its definition changed, and does not allow this yet.`, {
      cause,
      metaMessages: ['Ask the user for the change: useRenewSession.'],
    })
  }
}

/** The session is being asked for, or being ended, in this moment; here or in another tab. */
export class SessionBusyError extends SessionKeyError {
  override readonly name = 'SessionBusyError'
  constructor({ id }: { id: string }) {
    super(`Session ${id} is in use: the wallet is being asked about it.`, { metaMessages: ['Answer in the wallet, or wait, and try again.'] })
  }
}

/** `skipCheck` leaves the refusal to the chain, and of this session's grant the kit knows no contract that would refuse. Nothing was sent. */
export class SkipCheckNotAllowedError extends SessionKeyError {
  override readonly name = 'SkipCheckNotAllowedError'
  constructor({ dialect }: { dialect: string }) {
    super(`The check cannot be skipped for a session granted in the dialect "${dialect.slice(0, 60)}": its grant is no delegation, so nothing on-chain would hold it to its limits.`, {
      metaMessages: ['Leave skipCheck out. For calls that the session does not allow, ask for a new one: useGrantPermissions.'],
    })
  }
}
