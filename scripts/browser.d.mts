export type Browser = {
  executablePath: string
  /** To start it with, also in a container. */
  args: string[]
  from: 'CHROME_PATH' | 'system' | '@sparticuz/chromium'
}

/** Where to look. @default this machine */
export type Machine = {
  env?: Record<string, string | undefined>
  platform?: string
  arch?: string
  home?: string
  isExecutable?: (file: string) => boolean
}

/** @throws when there is no browser; the message says what to install */
export declare function findBrowser(machine?: Machine): Promise<Browser>
