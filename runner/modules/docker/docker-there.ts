import type { Output } from '../../connections/connection.ts'
import { failure } from '../../language/diagnostic.ts'

/** Shell: ends with status 3 where there is no Docker, with 4 where it may not be used or does not answer. */
export const dockerThere = `
command -v docker >/dev/null || { echo 'there is no Docker on the host' >&2; exit 3; }
why=$(docker version --format '{{.Server.Version}}' 2>&1) || { printf '%s\\n' "$why" >&2; exit 4; }
`

/** Fails when {@link dockerThere} did. */
export function refuseWithoutDocker({ code, stderr }: Output): void {
  if (code === 3)
    throw failure('E774', 'there is no Docker on the host', { hint: 'docker.engine installs it, by a task before' })
  if (code !== 4) return
  if (/permission denied/i.test(stderr))
    throw failure('E750', 'not allowed to use Docker', {
      hint: 'set `become: true` on the task or the play, or name the user in `users` of docker.engine',
    })
  throw failure('E774', `Docker does not answer: ${stderr.trim().split('\n').at(-1) ?? ''}`, {
    hint: 'look at `systemctl status docker` on the host',
  })
}

/** Packages whose upgrade stops Docker: nothing may be under way then. */
export const dockerPackages = ['docker.io', 'docker-ce', 'docker-ce-cli', 'containerd', 'containerd.io', 'runc'].map(
  (name) => `package:${name}`,
)
