import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import express, { Router, type RequestHandler } from 'express'
import { coverName } from '../catalog/covers.ts'

const bundled = fileURLToPath(new URL('../public/', import.meta.url))

/** The files that browsers may have: those of the application, and of the shared folder the favicon and covers, nothing else. */
export function files(shared: string): Router {
  const router = Router({ strict: true })
  router.use('/assets', express.static(bundled, { maxAge: '1h', index: false, redirect: false, dotfiles: 'ignore' }))
  const favicon: RequestHandler = (_request, response) => {
    const root = existsSync(join(shared, 'favicon.ico')) ? shared : bundled
    response.type('image/vnd.microsoft.icon').sendFile('favicon.ico', { root, maxAge: '1h' })
  }
  const cover: RequestHandler = (request, response, next) => {
    const name = String(request.params['name'])
    if (!coverName.test(name)) {
      next()
      return
    }
    // named by its content, so it never changes
    response.sendFile(
      name,
      { root: join(shared, 'covers'), maxAge: '365d', immutable: true, dotfiles: 'deny' },
      (error) => {
        if (error !== undefined && !response.headersSent) next()
      },
    )
  }
  router.get(['/favicon.ico', '/static/favicon.ico'], favicon)
  router.get(['/covers/:name', '/static/covers/:name'], cover)
  return router
}
