import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { chromium, type BrowserContext } from 'playwright-core'
import { installed } from './packages.ts'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The browser of the distribution; installed if it is missing and that can be done. */
async function program(): Promise<string> {
  const missing = await installed({ chromium: 'chromium' })
  if (missing !== undefined) throw new Error(missing)
  return (await execa('sh', ['-c', 'command -v chromium'])).stdout
}

export interface Chromium {
  /** A person of his own, with no cookies of others. */
  person(options?: {
    readonly locale?: string
    readonly width?: number
    readonly dark?: boolean
    readonly scripts?: boolean
  }): Promise<BrowserContext>
  close(): Promise<void>
}

export async function startChromium(): Promise<Chromium> {
  const home = mkdtempSync(join(tmpdir(), 'runner-chromium-'))
  const browser = await chromium.launch({ executablePath: await program(), args: flags, env: { HOME: home } })
  return {
    person: async ({ locale = 'en', width = 1200, dark = false, scripts = true } = {}) =>
      await browser.newContext({
        locale,
        viewport: { width, height: 800 },
        colorScheme: dark ? 'dark' : 'light',
        javaScriptEnabled: scripts,
      }),
    async close() {
      await browser.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
