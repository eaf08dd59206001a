import { cpSync, globSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execaSync } from 'execa'

// Compiles the sources for the npm package: Node refuses to strip types below node_modules, so a package brings JavaScript.
rmSync('dist', { recursive: true, force: true })
execaSync('tsc', ['-p', 'tsconfig.build.json'], { preferLocal: true, stdio: 'inherit' })
for (const file of globSync('runner/{modules/*/*/example,cost/prices}.yml')) {
  const target = join('dist', file)
  mkdirSync(dirname(target), { recursive: true })
  cpSync(file, target)
}
