'use client'
import type { ReactElement } from 'react'
import type { PermissionType } from '../../permissions/permission.js'

const call = 'M6.8 6.2 3 10l3.8 3.8M13.2 6.2 17 10l-3.8 3.8M11.4 4.6 8.6 15.4'
const coin = 'M10 3.2a6.8 6.8 0 1 1 0 13.6 6.8 6.8 0 0 1 0-13.6ZM10 6.6v6.8M12 8.2c-.5-.6-1.2-.9-2-.9-1.1 0-2 .5-2 1.350S8.9 9.9 10 10s2 .5 2 1.350-.9 1.350-2 1.350c-.8 0-1.5-.3-2-.9'
const cycle = 'M16.2 8.4A6.5 6.5 0 0 0 4.6 6.4L3.4 7.8M3.4 4.4v3.4h3.4M3.8 11.6a6.5 6.5 0 0 0 11.6 2l1.2-1.4M16.6 15.6v-3.4h-3.4'
const stream = 'M3 6.5c2.3-2 4.7-2 7 0s4.7 2 7 0M3 10.5c2.3-2 4.7-2 7 0s4.7 2 7 0M3 14.5c2.3-2 4.7-2 7 0s4.7 2 7 0'
const picture = 'M4.5 3.5h11a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1ZM3.5 13.5l3.7-3.7 3.3 3.3 2.2-2.2 3.8 3.8M12.6 7.2h.1'

const paths: Record<PermissionType, string> = {
  'contract-call': call,
  'erc20-token-allowance': coin,
  'erc20-token-periodic': cycle,
  'erc20-token-stream': stream,
  'native-token-allowance': coin,
  'native-token-periodic': cycle,
  'native-token-stream': stream,
  'erc721-token-transfer': picture,
}

export function PermissionIcon({ type }: { type: PermissionType }): ReactElement {
  return (
    <span className="rsk-permission-icon" aria-hidden="true">
      <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" focusable="false">
        <path d={paths[type]} />
      </svg>
    </span>
  )
}
