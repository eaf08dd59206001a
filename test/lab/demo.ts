import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { duration } from '../../runner/render/lines.ts'
import { missingParts } from './docker.ts'
import { startEmulator } from './emulator.ts'
import { startHost } from './host.ts'
import { makeRunner } from './runner.ts'

/**
 * `npm run demo`: the whole of playbooks/objective2.yml on this machine – plan, apply, plan again, an edit of max_size, plan, apply,
 * destroy – against an emulated AWS and a real host in a container. On a machine without root the host's part is left out.
 */
const started = Date.now()
const missing = await missingParts()
if (missing !== undefined) process.stdout.write(`without a real host, so only the cloud part is shown: ${missing}\n`)
process.stdout.write('setting up the lab (some minutes the first time, seconds afterwards) …\n')
const [emulator, host] = await Promise.all([
  startEmulator(),
  missing === undefined ? startHost({ withImages: true }) : undefined,
])
// as wide as it is shown; what is written through a pipe cannot ask the terminal itself
const runner = makeRunner({ ...emulator.env, COLUMNS: String(process.stdout.columns ?? 100) })
const playbook = join(runner.folder, 'playbooks', 'objective2.yml')
const steps: { readonly what: string; readonly seconds: number; readonly exit: number }[] = []

function edit(change: (text: string) => string): void {
  writeFileSync(playbook, change(readFileSync(playbook, 'utf8')))
}

async function show(...words: readonly string[]): Promise<void> {
  const begun = Date.now()
  const all = [...words, 'playbooks/objective2.yml', '-i', 'inventory/lab.yml', ...(host ? ['-F', host.sshConfig] : [])]
  process.stdout.write(`\n$ runner ${all.join(' ')}\n`)
  const child = runner.start(...all)
  child.stdout?.pipe(process.stdout)
  child.stderr?.pipe(process.stderr)
  const { exitCode = 1 } = await child
  steps.push({ what: `runner ${words.join(' ')}`, seconds: (Date.now() - begun) / 1000, exit: exitCode })
  if (exitCode !== 0) process.exitCode = 1
}

try {
  if (!host)
    edit((text) =>
      `${text.slice(0, text.indexOf('- name: Application template'))}${text.slice(text.indexOf('- name: Image, launch template'))}`.replaceAll(
        /^ {10}(docker|source|settings): .*\n/gm,
        '',
      ),
    )
  await show('plan')
  await show('apply', '--yes')
  await show('plan')
  process.stdout.write('\nmax_size: 6 → 8 in the playbook\n')
  edit((text) => text.replace('max_size: 6', 'max_size: 8'))
  await show('plan')
  await show('apply', '--yes')
  await show('destroy', '--yes')
  process.stdout.write(
    `\nWhat was done\n${steps.map(({ what, seconds, exit }) => `  ${exit === 0 ? '✓' : '✗'} ${what.padEnd(24)} ${duration(seconds).padStart(12)}\n`).join('')}in ${duration((Date.now() - started) / 1000)}, the lab included\n`,
  )
} finally {
  runner.close()
  await Promise.all([emulator.close(), host?.close()])
}
