'use client'
import { useEffect } from 'react'
import type { Client } from 'viem'
import { getBlock } from 'viem/actions'
import { getChainClient, type SessionKeyConfig } from '../actions/createSessionKeyConfig.js'
import type { UnixSeconds } from '../permissions/permission.js'

/** Expiry is the chain's to decide: asks it for its time once, and again when `moment` should have come. */
export function useChainTimeUntil(config: SessionKeyConfig, chainId: number | undefined, moment: UnixSeconds | undefined): void {
  const book = config.sessions
  useEffect(() => {
    if (chainId === undefined || moment === undefined) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let stopped = false
    async function readTime(id: number, end: UnixSeconds) {
      // A chain that does not answer says nothing about the session; it is asked again.
      const time = await latestTime(config, id).catch(() => undefined)
      if (stopped) return
      if (time !== undefined) book.noteChainTime(id, time)
      const wait = time === undefined ? retryMs : Math.max(1, end - time) * 1000
      timer = setTimeout(() => void readTime(id, end), Math.min(wait, longestTimerMs))
    }
    void readTime(chainId, moment)
    return () => {
      stopped = true
      clearTimeout(timer)
    }
  }, [config, book, chainId, moment])
}

const readings = new WeakMap<Client, Promise<UnixSeconds>>()

/** However many sessions are shown, a chain is asked once at a time. */
async function latestTime(config: SessionKeyConfig, chainId: number): Promise<UnixSeconds> {
  const client = getChainClient(config, chainId)
  const known = readings.get(client)
  if (known) return known
  const reading = getBlock(client, { includeTransactions: false })
    .then(({ timestamp }) => Number(timestamp))
    .finally(() => readings.delete(client))
  readings.set(client, reading)
  return reading
}

/** setTimeout counts in 31 bits. */
const longestTimerMs = 2_000_000_000
const retryMs = 30_000
