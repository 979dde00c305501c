import type { CreateSessionKeyConfigParameters, SessionKeyConfig } from '../../src/actions/createSessionKeyConfig.js'
import { sendSessionCalls } from '../../src/actions/sendSessionCalls.js'
import type { UserOperationLaneParameters } from '../../src/execution/userOperationLane.js'
import type { KeyKind } from '../../src/keys/storedKey.js'
import { startShop } from '../startShop.js'
import { startBundler } from './startBundler.js'
import { startPaymaster } from './startPaymaster.js'

/** The shop, whose sessions act through a real bundler, and a real paymaster that pays. */
export async function startUserOperations() {
  const shop = await startShop()
  const [bundler, paymaster] = await Promise.all([startBundler(shop.chain), startPaymaster(shop.chain)])

  /** The app with other options, on the same store and connection. */
  function openActing(options: Partial<UserOperationLaneParameters> = {}, other: Partial<CreateSessionKeyConfigParameters> = {}): SessionKeyConfig {
    const config = shop.openApp({
      lane: 'user-operation',
      bundler: { url: bundler.url, paymaster: paymaster.url, pollingIntervalMs: 20, silenceTimeoutMs: 500, ...options },
      ...other,
    })
    config.wagmi.setState(shop.config.wagmi.state)
    return config
  }

  return {
    ...shop,
    bundler,
    paymaster,
    openActing,
    /** A session of its own, and how to act with it. */
    async startSession(key: KeyKind = 'secp256k1', options: Partial<UserOperationLaneParameters> = {}) {
      const config = openActing(options, { key })
      const { session } = await shop.grantWith(config, { ...shop.shopping, name: crypto.randomUUID() })
      return {
        config,
        session,
        send: (calls: readonly unknown[], app = config) => sendSessionCalls(app, { session: session.id, calls: calls as never }),
        /** Past our own check. */
        force: (calls: readonly unknown[], app = config) => sendSessionCalls(app, { session: session.id, calls: calls as never, skipCheck: true }),
      }
    },
    async stop() {
      await bundler.kill()
      await paymaster.stop()
      await shop.stop()
    },
  }
}
