import { Router } from 'express'
import type { Site } from '../http/site.ts'

export function apiRoutes(_site: Site): Router {
  return Router({ strict: true })
}
