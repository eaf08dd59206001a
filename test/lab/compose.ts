import { join } from 'node:path'
import { execa } from 'execa'
import { cached } from './cache.ts'
import { missingParts, type Engine } from './docker.ts'

/** Compose 2 of Debian 13, which needs nothing of the machine it runs on: older distributions have Compose 1. */
async function composeProgram(): Promise<string> {
  const recipe = { suite: 'trixie', include: 'docker-compose' }
  const folder = await cached('compose', recipe, async (target) => {
    const missing = await missingParts()
    if (missing !== undefined) throw new Error(missing)
    const root = join(target, 'root')
    await execa('mmdebstrap', ['--quiet', '--variant=extract', `--include=${recipe.include}`, recipe.suite, root])
  })
  return join(folder, 'root/usr/libexec/docker/cli-plugins/docker-compose')
}

/** One project of Compose: its files, and the variables they are given. */
export interface Project {
  readonly name: string
  readonly files: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** `docker compose` on the lab's engine, for one project. */
export async function composer(
  engine: Engine,
  project: Project,
): Promise<(...words: readonly string[]) => Promise<string>> {
  const program = await composeProgram()
  const options = ['--project-name', project.name, ...project.files.flatMap((file) => ['--file', file])]
  return async (...words) =>
    (
      await execa(program, [...options, ...words], {
        env: { ...project.env, DOCKER_HOST: `unix://${engine.socket}`, COMPOSE_ANSI: 'never' },
      })
    ).stdout
}
