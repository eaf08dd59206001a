import { isAbsolute, join } from 'node:path'
import { Failure, failure } from '../language/diagnostic.ts'
import { evaluate, render } from '../language/expression/evaluate.ts'
import { parseExpression, parseTemplate } from '../language/expression/parse.ts'
import type { Scope } from '../language/expression/scope.ts'
import type { SourceMap, Task } from '../language/program.ts'
import type { Module, PropertySchema } from '../modules/module.ts'
import type { Value, Values } from '../plan/unknown.ts'
import type { LaneView } from './scope.ts'

type Reading = NonNullable<PropertySchema['x-reads']>

/** Evaluates a task's arguments, reading in the files they name. `blind`: only to see what they refer to. */
export function argumentsOf(view: LaneView, task: Task, module: Module, scope: Scope, blind: boolean): Values {
  const want: Record<string, Value> = {}
  for (const [key, source] of Object.entries(task.args)) {
    const property = module.args.properties[key] as { 'x-reads'?: Reading; 'x-expressions'?: true } | undefined
    if (property?.['x-expressions']) want[key] = expressionsOf(view, task, key, source, scope)
    else {
      const value = render(source, scope)
      // null is “not given”, so that an argument can be left out by an expression: `{{ key | default(none) }}`
      if (value === null) continue
      want[key] = property?.['x-reads'] ? readLocal(view, task, property['x-reads'], value, scope, blind) : value
    }
  }
  return want
}

function expressionsOf(view: LaneView, task: Task, key: string, source: SourceMap[string], scope: Scope): Value {
  const texts = (Array.isArray(source) ? source : [source]) as readonly Value[]
  return texts.map((text) => {
    if (typeof text !== 'string') return render(text as never, scope)
    const at = view.walk.program.locate(task.args, key) ?? task.at
    const { expression, diagnostics } = parseExpression(text, at)
    if (!expression) throw new Failure(diagnostics)
    return { text, holds: evaluate(expression, scope) }
  })
}

function readLocal(view: LaneView, task: Task, how: Reading, value: Value, scope: Scope, blind: boolean): Value {
  if (typeof value !== 'string') return value
  const path = isAbsolute(value) ? value : join(view.walk.program.directory, value)
  if (blind && how !== 'template') return value
  if (how === 'folder') return found(view, task, path, value, () => view.walk.world.readFolder(path)) as never
  if (how === 'file') return found(view, task, path, value, () => view.walk.world.openFile(path)) as never
  const content = found(view, task, path, value, () => view.walk.world.readLocal(path))
  const start = { line: 1, column: 1 }
  const { template, diagnostics } = parseTemplate(new TextDecoder().decode(content), { file: path, start, end: start })
  if (diagnostics.length > 0) throw new Failure(diagnostics)
  return typeof template === 'string' ? template : render(template, scope)
}

function found<T>(view: LaneView, task: Task, path: string, named: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw failure('E705', `cannot read ${named}`, {
      at: view.walk.program.locate(task.args, 'src') ?? task.at,
      hint: `it was looked for at ${path}`,
      cause,
    })
  }
}
