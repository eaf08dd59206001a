import type { ObjectSchema } from '../../module.ts'
import { absolutePath } from '../arguments.ts'

export const summary = 'What the host is: its system, hardware, addresses, file systems, and facts of your own'

export const key = ['folder'] as const

export const args = {
  type: 'object',
  properties: {
    folder: {
      ...absolutePath,
      default: '/etc/runner/facts.d',
      description: 'Directory with facts of your own: of each file `NAME.json` the content becomes `local.NAME`.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema

const text = (description: string) => ({ type: 'string', description }) as const
const number = (description: string) => ({ type: 'integer', description }) as const

export const returns = {
  type: 'object',
  properties: {
    distribution: text('`debian`, `ubuntu`, … (ID of os-release(5)).'),
    distribution_version: text('`13`, `24.04`.'),
    distribution_release: text('`trixie`, `noble`.'),
    kernel: text('Release of the kernel.'),
    architecture: text('As uname(1) names it: `x86_64`, `aarch64`.'),
    package_architecture: text('As packages name it: `amd64`, `arm64`.'),
    hostname: text('Name of the host.'),
    fqdn: text('Its name with the domain, as far as it knows.'),
    processors: number('How many processors it may use.'),
    memory_mb: number('Memory in megabytes.'),
    swap_mb: number('Swap in megabytes.'),
    virtualization: text('As systemd-detect-virt(1) names it: `kvm`, `docker`, `none`; empty if that is not known.'),
    time_zone: text('Name of the time zone.'),
    init: text('Name of the first process: `systemd`.'),
    boot_id: text('Another one after each start.'),
    uptime_seconds: number('For how long it has been up.'),
    address: text('The IPv4 address from which it speaks to others.'),
    addresses: {
      type: 'array',
      items: { type: 'string' },
      description: 'All its addresses but those of the loopback.',
    },
    mounts: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          path: { type: 'string' },
          src: { type: 'string' },
          fstype: { type: 'string' },
          size_mb: { type: 'integer' },
          free_mb: { type: 'integer' },
        },
        additionalProperties: false,
      },
      description: 'File systems on disks: `path`, `src`, `fstype`, `size_mb`, `free_mb`.',
    },
    local: {
      type: 'object',
      additionalProperties: true,
      description: 'Facts of your own, by the names of their files.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema
