import type { ObjectSchema } from '../../module.ts'

export const summary = 'Docker Engine with Compose, running, and who may use it (Debian and Ubuntu)'
export const key = [] as const

/** Of the key that signs Docker's packages, as https://docs.docker.com/engine/install/ publishes it. */
export const dockersFingerprint = '9DC858229FC7DD38854AE2D88D81803C0EBFCD88'
export const dockersRepository = 'https://download.docker.com/linux'

export const args = {
  type: 'object',
  properties: {
    source: {
      type: 'string',
      enum: ['distro', 'docker'],
      description:
        'Whose packages: those of the distribution, or of Docker’s own repository, which is added with its key. Default: what is installed, else `distro`. Debian 12 itself has no Compose 2.',
    },
    repository: {
      type: 'string',
      pattern: '^https?://[^\\s]+$',
      default: dockersRepository,
      description:
        'Where Docker’s repository is, or a mirror of it: below are `debian` and `ubuntu`, each with the key as `gpg`.',
    },
    fingerprint: {
      type: 'string',
      pattern: '^([0-9A-Fa-f] ?){40}$',
      default: '9DC8 5822 9FC7 DD38 854A E2D8 8D81 803C 0EBF CD88',
      description: 'Fingerprint of the one key that signs it; any other key is refused.',
    },
    users: {
      type: 'array',
      items: { type: 'string', pattern: '^[a-z_][a-z0-9_.-]*$' },
      default: [],
      description: 'Users who may use it, by the group docker. Whoever may is as mighty as root.',
    },
    daemon: {
      type: 'object',
      additionalProperties: true,
      description:
        'Content of /etc/docker/daemon.json. A change restarts the daemon, unless it can take it while it runs.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema

export const returns = {
  type: 'object',
  properties: {
    version: { type: 'string', description: 'Version of the engine.' },
    compose: { type: 'string', description: 'Version of Compose.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
