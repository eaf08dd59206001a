import { readdirSync, readFileSync } from 'node:fs'

/** Names of services in IAM, by the package of their client. */
const services: Readonly<Record<string, string>> = {
  'auto-scaling': 'autoscaling',
  'application-auto-scaling': 'application-autoscaling',
  efs: 'elasticfilesystem',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  'route-53': 'route53',
  'secrets-manager': 'secretsmanager',
  'resource-groups-tagging-api': 'tag',
}

/**
 * The actions of IAM that a module's calls need, read from what its files import of the SDK. Of files outside its folder only what belongs to a
 * service that the folder itself uses counts.
 */
export function actionsOf(folder: URL): readonly string[] {
  const own = readdirSync(folder).filter((name) => /^(read|apply).*\.ts$/.test(name))
  const inside = own.flatMap((name) => callsIn(new URL(name, folder)))
  const used = new Set(inside.map((action) => action.split(':')[0]))
  const outside = own
    .flatMap((name) => importsOf(new URL(name, folder)))
    .concat(importsOf(new URL('module.ts', folder)))
    .filter((file) => !file.href.startsWith(folder.href) && /\/modules\/aws\/.*(read|apply)[^/]*\.ts$/.test(file.href))
    .flatMap(callsIn)
    .filter((action) => used.has(action.split(':')[0]))
  return [...new Set([...inside, ...outside])].toSorted()
}

function callsIn(file: URL): readonly string[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g)].flatMap(
    ([, names = '', client = '']) =>
      names.split(',').flatMap((name) => {
        const action = /^(\w+)Command$/.exec(name.trim())?.[1] ?? /^paginate(\w+)$/.exec(name.trim())?.[1]
        return action === undefined ? [] : [`${services[client] ?? client}:${action}`]
      }),
  )
}

function importsOf(file: URL): readonly URL[] {
  return [...readFileSync(file, 'utf8').matchAll(/^import \{[^}]*\} from '(\.[^']+)'/gm)].map(
    ([, name = '']) => new URL(name, file),
  )
}
