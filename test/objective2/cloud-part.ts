import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Runner } from '../lab/runner.ts'

/** The cloud part of the mission as a playbook of its own, without the plays for hosts; gives the words to run it with. */
export function cloudPart({ folder }: Runner): readonly string[] {
  const text = readFileSync(join(folder, 'playbooks', 'objective2.yml'), 'utf8')
  const hosts = text.indexOf('- name: Application template')
  const rest = text.indexOf('- name: Image, launch template and scaling')
  if (hosts < 0 || rest < hosts) throw new Error('objective2.yml has no longer the plays that are left out here')
  const cloud = `${text.slice(0, hosts)}${text.slice(rest)}`.replaceAll(/^ {10}(docker|source|settings): .*\n/gm, '')
  writeFileSync(join(folder, 'playbooks', 'cloud.yml'), cloud)
  return ['playbooks/cloud.yml', '-i', 'inventory/lab.yml']
}
