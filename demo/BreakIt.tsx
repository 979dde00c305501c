import { useSessionKey, type SessionDefinition } from 'react-session-keys'
import { getAddress, parseUnits } from 'viem'
import { useBlock, useConnection } from 'wagmi'
import { goldAbi, testUsdAbi } from './contracts/artifacts.js'
import type { DemoInfo } from './demoInfo.js'
import type { Send } from './send.js'
import * as format from './format.js'
import type { Run } from './useActivities.js'
import { providerOf } from './wireLog.js'

const stranger = getAddress('0x57a4e657a4e657a4e657a4e657a4e657a4e657a4')
const threeDays = 3 * 86_400

type BreakItProps = {
  info: DemoInfo
  session: SessionDefinition
  send: Send
  run: Run
  pastCheck: boolean
  onPastCheck: (on: boolean) => void
  /** A request to the demo chain itself, which obeys anybody. */
  chainRequest: (method: string, params: readonly unknown[]) => Promise<unknown>
}

/** What a broken or hostile app would try. */
export function BreakIt({ info: { gold, usd }, session, send, run, pastCheck, onPastCheck, chainRequest }: BreakItProps) {
  const { connector } = useConnection()
  const { session: stored } = useSessionKey({ session })
  const clock = useBlock().data?.timestamp

  const overLimit = [{ to: gold, abi: goldAbi, functionName: 'transfer', args: [stranger, parseUnits('1001', 18)] } as const]
  const otherFunction = [{ to: gold, abi: goldAbi, functionName: 'approve', args: [stranger, 1n] } as const]
  const otherContract = [{ to: usd, abi: testUsdAbi, functionName: 'approve', args: [stranger, 1n] } as const]

  const endInWallet = () =>
    void run({ label: 'End it in the wallet' }, async () => {
      if (!connector || !stored?.granted.length) throw new Error('There is no session to end.')
      const provider = await providerOf(connector)
      for (const { context } of stored.granted) {
        await provider.request({ method: 'wallet_revokeExecutionPermission', params: [{ permissionContext: context }] })
      }
      return { text: 'The wallet has ended the session on-chain. The app was not told.' }
    })

  const jump = () =>
    void run({ label: 'Jump 3 days ahead' }, async () => {
      await chainRequest('evm_increaseTime', [threeDays])
      await chainRequest('evm_mine', [])
      return { text: 'The chain is three days older.' }
    })

  return (
    <section className="card" aria-labelledby="break-title">
      <h2 id="break-title">Try to break it</h2>
      <p className="quiet">Each of these is refused before anything is sent. Tick the box, and the chain is asked instead.</p>
      <label className="switch">
        <input type="checkbox" checked={pastCheck} onChange={(event) => onPastCheck(event.target.checked)} />
        <span>Send it anyway, past our check</span>
      </label>
      <div className="attempts">
        <button type="button" className="button" onClick={() => send('Transfer to a stranger', overLimit, 'The stranger has 1001 GOLD.')}>
          Transfer to a stranger past the limit
        </button>
        <button type="button" className="button" onClick={() => send('Approve a stranger', otherFunction, 'The stranger may take GOLD.')}>
          Approve a stranger on GOLD
        </button>
        <button type="button" className="button" onClick={() => send('Call another contract', otherContract, 'The other contract was called.')}>
          Call another contract
        </button>
      </div>

      <h3>Powers the app does not have</h3>
      <div className="attempts">
        <button type="button" className="button" onClick={endInWallet}>
          End it in the wallet, behind the app’s back
        </button>
        <button type="button" className="button" onClick={jump}>
          Jump 3 days ahead
        </button>
      </div>
      <p className="quiet">
        The jump is a power of this demo chain{clock === undefined ? '.' : `; its clock says ${format.localTime(Number(clock))}.`}
      </p>
    </section>
  )
}
