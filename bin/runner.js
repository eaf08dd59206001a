#!/usr/bin/env node
// Plain JavaScript that old versions of Node understand too, so that they can be told what is needed.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const needed = 24
const major = Number(process.versions.node.split('.')[0])
// the repository brings its own Node, so that `bin/runner.js` works on a machine whose Node is older
const own = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))
if (major >= needed) {
  const { enableCompileCache } = await import('node:module')
  enableCompileCache()
  const source = new URL('../runner/main.ts', import.meta.url)
  // in the repository the sources run as they are; the npm package brings them compiled
  await import(existsSync(source) ? source.href : new URL('../dist/runner/main.js', import.meta.url).href)
} else if (existsSync(own)) {
  const { spawn } = await import('node:child_process')
  const child = spawn(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  // a terminal sends its Ctrl-C to both: passed on, it would count twice
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', tell)
  child.on('exit', (code, signal) => {
    if (signal === null) return process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
} else tell()

function tell() {
  process.stderr.write(
    `runner needs Node ${needed} or newer; this is ${process.version} (${process.execPath}).\n` +
      `In a project that has it installed, \`npx runner\` uses the right one; else see https://nodejs.org/\n`,
  )
  process.exitCode = 4
}
