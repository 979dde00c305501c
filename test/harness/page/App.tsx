import { useGrantPermissions, usePermissionUsage, useRevokePermissions, useSendSessionCalls, useSessionKey, useSessionKeys } from 'react-session-keys'
import { PermissionConsentDialog, StorageNotice } from 'react-session-keys/ui'
import { Profiler, type ReactElement } from 'react'
import { goldAbi, swordAbi } from '../../../demo/contracts/artifacts.js'
import { parseUnits, type Address } from 'viem'
import { shopping } from './definitions.js'
import type { HarnessInfo } from './harnessApi.js'
import { Planted } from './Planted.js'
import { ShownSessions, type Shown } from './ShownSessions.js'

/** What an app shows of a session, and what it lets its user do. */
export function App({ info, shown }: { info: HarnessInfo; shown: Shown }): ReactElement {
  return (
    <>
      <Profiler id="sessions" onRender={() => (shown.renders += 1)}>
        <LiveSession />
        <SessionCount />
      </Profiler>
      <Actions info={info} />
      <StorageNotice />
      <PermissionConsentDialog />
      <ShownSessions shown={shown} />
      <Planted />
    </>
  )
}

function LiveSession() {
  const session = useSessionKey({ session: 'shopping' })
  const { data } = usePermissionUsage({ session: 'shopping' })
  return (
    <p>
      <span data-testid="status">{session.status}</span> <code data-testid="address">{session.address}</code>{' '}
      <span data-testid="block">{data?.asOf.blockNumber.toString()}</span>
    </p>
  )
}

function SessionCount() {
  return <p data-testid="count">{useSessionKeys().sessions.length}</p>
}

const stranger: Address = '0x00000000000000000000000000000000000057a9'

function Actions({ info }: { info: HarnessInfo }) {
  const { mutate: grant } = useGrantPermissions()
  const { mutate: send } = useSendSessionCalls({ session: 'shopping' })
  const { mutate: revoke } = useRevokePermissions({ session: 'shopping' })
  const mint = { to: info.sword, abi: swordAbi, functionName: 'mint', args: [stranger] } as const
  const overspend = { to: info.gold, abi: goldAbi, functionName: 'transfer', args: [stranger, parseUnits('1001', 18)] } as const
  return (
    <>
      <button onClick={() => grant(shopping(info))}>Grant</button>
      <button onClick={() => send({ calls: [mint] })}>Mint</button>
      <button onClick={() => send({ calls: [mint, mint] })}>Mint two</button>
      <button onClick={() => send({ calls: [overspend] })}>Overspend</button>
      <button onClick={() => send({ calls: [overspend], skipCheck: true })}>Overspend anyway</button>
      <button onClick={() => revoke()}>Revoke</button>
    </>
  )
}
