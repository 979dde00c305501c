import { SessionKeyError } from '../../errors/SessionKeyError.js'

/** A key that stands in the environment was to be used in production, where everything that reads the environment has it. */
export class EnvironmentKeyError extends SessionKeyError {
  override readonly name = 'EnvironmentKeyError'
  constructor() {
    super('Keys from an environment variable are for development: in production whatever reads the environment has all of them.', {
      metaMessages: ['Use kmsKeys or sealedKeys; or say that you mean it: environmentKeys({ …, allowInProduction: true }).'],
    })
  }
}

/** What keys are made from, or sealed with, is too short to be a secret. */
export class WeakSecretError extends SessionKeyError {
  override readonly name = 'WeakSecretError'
  constructor({ bytes }: { bytes: number }) {
    super(`The secret has ${bytes} bytes; keys need one of 32 at least.`, { metaMessages: ['Make one: openssl rand -hex 32'] })
  }
}

/** The key is not to be had with this secret: it was sealed with, or derived from, another one, or for another user. */
export class SealedKeyError extends SessionKeyError {
  override readonly name = 'SealedKeyError'
  constructor({ address, cause }: { address: string; cause?: Error | undefined }) {
    super(`The key ${address} cannot be opened with this secret.`, {
      cause,
      metaMessages: ['Use the secret that it was made with. Without it the sessions of that key are lost, and users have to grant anew.'],
    })
  }
}

/** A KMS answered with something that is no signature of the key. */
export class KmsSignatureError extends SessionKeyError {
  override readonly name = 'KmsSignatureError'
  constructor({ address, reason, cause }: { address: string; reason: string; cause?: Error | undefined }) {
    super(`The KMS did not sign as ${address}: ${reason}.`, {
      cause,
      metaMessages: ['`sign` has to sign the hash as it is (a digest), with a secp256k1 key, and return DER or r‖s.'],
    })
  }
}
