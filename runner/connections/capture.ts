import { failure } from '../language/diagnostic.ts'

/** Runs a program of this machine and returns what it prints; its error text is part of the failure, its output never. */
export async function capture(argv: readonly [string, ...string[]], signal: AbortSignal): Promise<string> {
  // loaded by the first secret that a program is asked for
  const { execa } = await import('execa')
  const [program, ...words] = argv
  const result = await execa(program, words, { reject: false, stdin: 'ignore', timeout: 60_000, cancelSignal: signal })
  if (result.exitCode === 0) return result.stdout
  const missing = result.code === 'ENOENT'
  throw failure(
    'E799',
    missing
      ? `there is no program ${program}`
      : `${program} failed: ${String(result.stderr || result.shortMessage)
          .trim()
          .slice(-400)}`,
    {
      hint: missing ? `install ${program}, or take the secret from elsewhere` : undefined,
    },
  )
}
