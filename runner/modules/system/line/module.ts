import type { HostModule } from '../../module.ts'
import { editing } from '../edited.ts'
import type { TextFile } from '../text-probe.ts'
import { diff, part, type Want } from './diff.ts'
import { args, key, returns, summary } from './schema.ts'

export const module: HostModule<Want, TextFile> = { ...editing(part), summary, args, returns, key, diff }
