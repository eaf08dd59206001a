import type { Request, RequestHandler } from 'express'
import multer, { MulterError } from 'multer'
import { bounded } from '../http/bodies.ts'
import { Refusal } from '../http/refusal.ts'
import { drawCover, keepCover, mostBytes } from './covers.ts'

const parse = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: mostBytes, files: 1, fields: 20, fieldSize: 64 * 1024, parts: 22 },
}).single('cover')

/** Reads a form with a picture; a form without one has been read already. */
export const readUpload: RequestHandler = bounded(['multipart/form-data'], (request, response, next) => {
  parse(request, response, (error: unknown) => {
    if (error instanceof MulterError && error.code === 'LIMIT_FILE_SIZE') next(new Refusal(413, 'error.tooLarge'))
    else next(error === undefined || error === null ? undefined : new Refusal(400, 'error.badRequest'))
  })
})

/** The name of the cover that came with the form, drawn anew and stored; undefined: none came. */
export async function coverOf(request: Request, shared: string): Promise<string | undefined> {
  const { file } = request
  if (file === undefined || file.size === 0) return undefined
  return await keepCover(shared, await drawCover(file.buffer))
}
