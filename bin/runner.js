#!/usr/bin/env node
// Plain JavaScript that old versions of Node understand too, so that they can be told what is needed.
const needed = 24
const major = Number(process.versions.node.split('.')[0])
if (major < needed) {
  process.stderr.write(
    `runner needs Node ${needed} or newer; this is ${process.version} (${process.execPath}).\n` +
      `In a project that has it installed, \`npx runner\` uses the right one; else see https://nodejs.org/\n`,
  )
  process.exit(4)
}
const { enableCompileCache } = await import('node:module')
enableCompileCache()
const { existsSync } = await import('node:fs')
const source = new URL('../runner/main.ts', import.meta.url)
// in the repository the sources run as they are; the npm package brings them compiled
await import(existsSync(source) ? source.href : new URL('../dist/runner/main.js', import.meta.url).href)
