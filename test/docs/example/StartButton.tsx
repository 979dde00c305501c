import { contractCall, defineSession, expiresIn, useGrantPermissions } from 'react-session-keys'
import { sword, swordAbi } from './game.js'

const minting = defineSession({
  name: 'minting',
  expiry: expiresIn({ days: 3 }),
  permissions: [contractCall({ address: sword, abi: swordAbi, functions: ['mint'] })],
})

export function StartButton() {
  const { mutate: grant, error } = useGrantPermissions()
  return (
    <>
      <button onClick={() => grant(minting)}>Start session</button>
      {error && <p role="alert">{error.shortMessage}</p>}
    </>
  )
}
