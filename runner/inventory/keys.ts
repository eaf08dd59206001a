import type { KeyTable } from '../language/keys.ts'

const reach = {
  address: { kind: 'text', description: 'Where SSH connects to; the name if not said.' },
  port: { kind: 'number', description: 'Port of SSH (22).' },
  user: { kind: 'text', description: 'Who logs in.' },
  identity: { kind: 'text', description: 'File of the private key.' },
  become: { kind: 'boolean', description: 'Whether tasks are done through sudo, unless play or task say otherwise.' },
  connection: { kind: 'text', choices: ['ssh', 'local'], description: 'How it is reached.' },
  vars: { kind: 'map', open: true, description: 'Variables.' },
} as const satisfies KeyTable

export const hostKeys = reach

export const groupKeys = {
  hosts: { kind: 'any', description: 'Hosts: a map by name, or a list of names.' },
  children: { kind: 'any', description: 'Groups inside this one: a map by name, or a list of names.' },
  from: { kind: 'map', open: true, description: 'Where members are asked for: aws.instances with tags.' },
  ...reach,
} as const satisfies KeyTable
