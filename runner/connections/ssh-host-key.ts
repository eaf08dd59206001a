import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ConnectionFailure, type Place } from './connection.ts'
import { fingerprint, hostEntry, keysFor, keyType, type KnownKey } from './known-hosts.ts'
import type { SshSettings } from './ssh-settings.ts'

/** Decides whether a host is the one it should be. */
export interface HostKeys {
  /** Types of the keys that are known, so that the host is asked for one of these. */
  readonly types: readonly string[]
  /** Undefined: accepted; else why not. Pins the key of a host that was never seen. */
  check(key: Buffer): ConnectionFailure | undefined
}

/** Host keys are always checked: against keys given, known_hosts or those pinned before; an unknown host is pinned, and that is said. */
export function hostKeysFor(
  place: Place,
  settings: SshSettings,
  pinFile: string,
  notice: (text: string) => void,
): HostKeys {
  const { host, port, strict } = settings
  const alias = place.address ?? place.name
  // an instance is pinned by its id: its address may be another's tomorrow
  const pinned = (): readonly KnownKey[] =>
    place.pinAs === undefined ? known(pinFile, host, port) : known(pinFile, place.pinAs, 22)
  const given = (place.hostKeys ?? []).map((line): KnownKey => {
    const [type = '', key = ''] = line.split(/\s+/)
    return { type, key, file: 'console output', line: 0, revoked: false }
  })
  const fromFiles =
    place.pinAs === undefined
      ? settings.knownHosts.flatMap((file) => [
          ...known(file, alias, port),
          ...(alias === host ? [] : known(file, host, port)),
        ])
      : []
  const all = given.length > 0 ? given : [...pinned(), ...fromFiles]
  const pin = (key: Buffer, how: string): void => {
    const name = place.pinAs ?? hostEntry(host, port)
    mkdirSync(dirname(pinFile), { recursive: true, mode: 0o700 })
    appendFileSync(pinFile, `${name} ${keyType(key)} ${key.toString('base64')}\n`, { mode: 0o600 })
    notice(`host key of ${place.name} pinned: ${fingerprint(key)} (${keyType(key)})${how}`)
  }
  return {
    types: [...new Set(all.filter((one) => !one.revoked).map((one) => one.type))],
    check(key) {
      const text = key.toString('base64')
      const same = all.find((one) => one.key === text)
      if (same?.revoked)
        return new ConnectionFailure(
          'E721',
          `the host key of ${place.name} is revoked`,
          `${same.file}:${same.line} says so; don't connect`,
        )
      if (same) {
        // what AWS vouched for is pinned, so that it need not be asked again
        if (given.length > 0 && place.pinAs !== undefined && pinned().length === 0)
          pin(key, ', as AWS shows it on the console')
        return undefined
      }
      if (all.length > 0) return changed(place, settings, key, all)
      if (strict)
        return new ConnectionFailure(
          'E721',
          `the host key of ${place.name} is not known`,
          `ssh_config wants it known: check it and add it, ssh-keyscan -p ${port} ${host} >> ${settings.knownHosts[0] ?? '~/.ssh/known_hosts'}`,
        )
      // another connection may have pinned one meanwhile
      const meanwhile = pinned()
      if (meanwhile.length > 0)
        return meanwhile.some((one) => one.key === text) ? undefined : changed(place, settings, key, meanwhile)
      pin(key, '')
      return undefined
    },
  }
}

function known(file: string, host: string, port: number): readonly KnownKey[] {
  return existsSync(file) ? keysFor(readFileSync(file, 'utf8'), file, host, port) : []
}

function changed(place: Place, settings: SshSettings, key: Buffer, all: readonly KnownKey[]): ConnectionFailure {
  const before = all.find((one) => one.type === keyType(key)) ?? (all[0] as KnownKey)
  const was = fingerprint(Buffer.from(before.key, 'base64'))
  if (before.line === 0)
    return new ConnectionFailure(
      'E721',
      `${place.name} (${settings.host}:${settings.port}) shows the host key ${fingerprint(key)}, but AWS shows ${was} on the console of ${place.pinAs ?? 'it'}`,
      'somebody may stand between, or its keys were made anew since it started: look at it through the AWS console before you go on',
    )
  const where = before.line === 0 ? before.file : `${before.file}:${before.line}`
  return new ConnectionFailure(
    'E721',
    `${place.name} (${settings.host}:${settings.port}) shows another host key than before: ${fingerprint(key)}, known is ${was}`,
    `either it was set up anew, or somebody stands between. If you know that it is new, remove the line ${where}`,
  )
}
