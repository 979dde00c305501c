import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Packages for the same purpose, each in a folder of its own: some want another wagmi than the kit does. */
export const peerPackages = {
  '@openfort/react': { folder: 'openfort', code: "export { OpenfortProvider, useGrantPermissions, useOpenfort } from '@openfort/react'" },
  '@metamask/smart-accounts-kit': { folder: 'smart-accounts-kit', code: "export * from '@metamask/smart-accounts-kit'; export * from '@metamask/smart-accounts-kit/actions'" },
  porto: { folder: 'porto', code: "export { porto } from 'porto/wagmi'; export { Hooks } from 'porto/wagmi'" },
  '@abstract-foundation/agw-react': { folder: 'agw-react', code: "export { AbstractWalletProvider, useCreateSession, useAbstractClient, useLoginWithAbstract } from '@abstract-foundation/agw-react'" },
  '@account-kit/react': { folder: 'account-kit', code: "export { AlchemyAccountProvider, useSmartAccountClient, useGrantPermissions } from '@account-kit/react'" },
} as const

export type PeerPackage = keyof typeof peerPackages

export const peerFolder = (name: PeerPackage) => fileURLToPath(new URL(`peers/${peerPackages[name].folder}`, import.meta.url))

/** Installs those that are not there yet. */
export async function installPeers(say: (line: string) => void): Promise<void> {
  for (const name of Object.keys(peerPackages) as PeerPackage[]) {
    const folder = peerFolder(name)
    if (existsSync(`${folder}/node_modules/.package-lock.json`)) continue
    say(`installing ${name}, once`)
    // Their own peers stay away: they are left out of the bundle.
    await promisify(execFile)('npm', ['install', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: folder, maxBuffer: 64 * 1024 * 1024 })
  }
}
