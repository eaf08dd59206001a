import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Runner } from './runner.ts'

/** Writes a playbook into the runner's folder and returns its name as a word of the command line. */
export function writePlaybook(runner: Runner, name: string, text: string): string {
  writeFileSync(join(runner.folder, 'playbooks', name), text)
  return `playbooks/${name}`
}

/** The part of the mission's playbook that is in AWS, as `playbooks/cloud.yml`: no host is needed to apply it. */
export function cloudPart(runner: Runner, name = 'cloud.yml'): string {
  const text = readFileSync(join(runner.folder, 'playbooks', 'objective2.yml'), 'utf8')
  const cut = text.indexOf('- name: Application template')
  const rest = text.indexOf('- name: Image, launch template and scaling')
  if (cut < 0 || rest < cut) throw new Error('objective2.yml has no play of that name')
  const cloud = `${text.slice(0, cut)}${text.slice(rest)}`.replaceAll(/^ {10}(docker|source|settings): .*\n/gm, '')
  return writePlaybook(runner, name, cloud)
}

/** A playbook without the tasks of these names. */
export function without(text: string, ...names: readonly string[]): string {
  return names.reduce((left, name) => {
    const at = left.indexOf(`    - name: ${name}\n`)
    if (at < 0) throw new Error(`no task is named ${name}`)
    const next = left.slice(at + 6).search(/^(?: {4})?- name: /m)
    return next < 0 ? left.slice(0, at) : `${left.slice(0, at)}${left.slice(at + 6 + next)}`
  }, text)
}
