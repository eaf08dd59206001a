import { digestOf, type Change } from '../../../plan/change.ts'
import { firstUnknown, printable } from '../../../plan/unknown.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import type { Images } from './read.ts'
import type { args } from './schema.ts'

/** The name of the image with this content. */
export function imageName(name: string, content: unknown): string {
  return `${name}-${digestOf(content).slice(0, 12)}`
}

/** An image is never changed: there is one with this content, or one is made. The old ones stay for going back. */
export function diff(want: Wanted<ArgsOf<typeof args>, 'name'>, have: Images | undefined): Change {
  const content = { path: 'content', after: printable(want.content), known: firstUnknown(want.content) === undefined }
  if (!have || have.all.length === 0) return { action: 'create', fields: [content] }
  const unknown = firstUnknown(want.content)
  if (unknown)
    return { action: 'unknown', fields: [content], why: `a new image if its content changed: ${unknown.why}` }
  const name = imageName(want.name, want.content)
  const made = have.all.find((image) => image.name === name)
  if (made) return { action: 'none', fields: [] }
  // the newest stays what it is; what the task gives from now on is another image
  return {
    action: 'update',
    fields: [{ path: 'content', before: have.all[0]?.name ?? '', after: name, known: true }],
    why: 'a new image; the former stay',
  }
}
