import { createHash } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import sharp from 'sharp'
import { Refusal } from '../http/refusal.ts'

/** The greatest upload, in bytes. */
export const mostBytes = 5 * 1024 * 1024
/** A small file can unfold to a huge picture. */
const mostPixels = 40_000_000
const size = { width: 480, height: 720 }

/** The name of a cover as this application gives it: nothing else is served from the folder. */
export const coverName = /^[0-9a-f]{32}\.webp$/

// a picture at a time on each instance: the pixels of many would not fit
sharp.concurrency(1)
sharp.cache(false)

/**
 * Draws an uploaded picture anew, smaller, as WebP. Whatever else was in the file (scripts, locations, another format behind the
 * first) is not in the new one, and what cannot be drawn is refused.
 */
export async function drawCover(upload: Buffer): Promise<Buffer> {
  try {
    const picture = sharp(upload, { limitInputPixels: mostPixels, failOn: 'error', animated: false })
    const { format } = await picture.metadata()
    if (!['jpeg', 'png', 'webp'].includes(format ?? '')) throw new Error(`${format} is not taken`)
    return await picture
      .rotate()
      .resize({ ...size, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 80 })
      .toBuffer()
  } catch {
    throw new Refusal(422, 'invalid.cover')
  }
}

/** Puts a cover into the folder that all instances share, under the name of its content. */
export async function keepCover(shared: string, picture: Buffer): Promise<string> {
  const name = `${createHash('sha256').update(picture).digest('hex').slice(0, 32)}.webp`
  const folder = join(shared, 'covers')
  const draft = join(folder, `.${name}.${process.pid}.${Date.now()}`)
  await mkdir(folder, { recursive: true })
  await writeFile(draft, picture)
  // whoever asks for it meanwhile gets all of it or nothing
  await rename(draft, join(folder, name))
  return name
}

export async function dropCover(shared: string, name: string): Promise<void> {
  if (coverName.test(name)) await rm(join(shared, 'covers', name), { force: true })
}
