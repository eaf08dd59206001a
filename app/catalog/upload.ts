import type { Request, RequestHandler } from 'express'
import multer, { MulterError } from 'multer'
import { Refusal } from '../http/refusal.ts'
import { drawCover, keepCover, mostBytes } from './covers.ts'

const parse = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: mostBytes, files: 1, fields: 20, fieldSize: 64 * 1024, parts: 22 },
}).single('cover')

/** Reads a form with a picture; a form without one has been read already. */
export const readUpload: RequestHandler = (request, response, next) => {
  if (!request.is('multipart/form-data')) {
    next()
    return
  }
  // not even begun: the length is known
  if (Number(request.get('content-length') ?? 0) > mostBytes + 512 * 1024) {
    response.setHeader('Connection', 'close')
    next(new Refusal(413, 'error.tooLarge'))
    return
  }
  parse(request, response, (error: unknown) => {
    if (error instanceof MulterError)
      next(error.code === 'LIMIT_FILE_SIZE' ? new Refusal(413, 'error.tooLarge') : new Refusal(400, 'error.badRequest'))
    else if (error !== undefined && error !== null) next(new Refusal(400, 'error.badRequest'))
    else next()
  })
}

/** The name of the cover that came with the form, drawn anew and stored; undefined: none came. */
export async function coverOf(request: Request, shared: string): Promise<string | undefined> {
  const { file } = request
  if (file === undefined || file.size === 0) return undefined
  return await keepCover(shared, await drawCover(file.buffer))
}
