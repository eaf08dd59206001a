import type { Expression } from './expression/expression.ts'
import type { Source, SourceMap } from './program.ts'
import { checkVariableNames } from './variable-names.ts'
import { expressionsIn, mapIn, namesIn, textsIn, type Reading } from './reading.ts'

/** What tasks get from the block, import or play around them. */
export interface Inherited {
  readonly when: readonly Expression[]
  readonly tags: readonly string[]
  readonly notify: readonly string[]
  readonly vars: SourceMap
  readonly environment: SourceMap
  readonly become?: Source
  readonly becomeUser?: Source
  readonly delegateTo?: Source
  readonly ignoreErrors: boolean
  readonly noLog: boolean
}

/** Reads the keys that a block passes on. */
export function inheritedFrom(map: SourceMap, reading: Reading): Inherited {
  checkVariableNames(reading, mapIn(map, 'vars'))
  return {
    when: expressionsIn(reading, map, 'when'),
    tags: textsIn(map, 'tags'),
    notify: namesIn(map, 'notify'),
    vars: mapIn(map, 'vars'),
    environment: mapIn(map, 'environment'),
    ...(map['become'] !== undefined && { become: map['become'] }),
    ...(map['become_user'] !== undefined && { becomeUser: map['become_user'] }),
    ...(map['delegate_to'] !== undefined && { delegateTo: map['delegate_to'] }),
    ignoreErrors: map['ignore_errors'] === true,
    noLog: map['no_log'] === true,
  }
}

/** What a task inside has: its own besides what is around it. */
export function joinedWith(outer: Inherited, own: Inherited): Inherited {
  return {
    ...outer,
    ...own,
    when: [...outer.when, ...own.when],
    tags: [...new Set([...outer.tags, ...own.tags])],
    notify: [...new Set([...outer.notify, ...own.notify])],
    vars: { ...outer.vars, ...own.vars },
    environment: { ...outer.environment, ...own.environment },
    ignoreErrors: outer.ignoreErrors || own.ignoreErrors,
    noLog: outer.noLog || own.noLog,
  }
}
