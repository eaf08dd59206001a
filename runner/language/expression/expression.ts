import type { Range } from '../diagnostic.ts'

/** A parsed expression, as written in `when:` or between `{{` and `}}`. */
export interface Expression {
  readonly text: string
  readonly at: Range
  readonly node: Node
}

/** A text with expressions in it. One expression alone keeps the type of its value; otherwise the parts are joined as text. */
export class Template {
  readonly text: string
  readonly parts: readonly (string | Expression)[]
  readonly at: Range

  constructor(text: string, parts: readonly (string | Expression)[], at: Range) {
    this.text = text
    this.parts = parts
    this.at = at
  }
}

/** The subset of Jinja that the runner evaluates: data, so that references can be found without running it. */
export type Node =
  | { readonly kind: 'literal'; readonly value: null | boolean | number | string; readonly at: Range }
  | { readonly kind: 'name'; readonly name: string; readonly at: Range }
  | { readonly kind: 'list'; readonly items: readonly Node[]; readonly at: Range }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Node, Node])[]; readonly at: Range }
  | { readonly kind: 'attribute'; readonly of: Node; readonly name: string; readonly at: Range }
  | { readonly kind: 'index'; readonly of: Node; readonly index: Node; readonly at: Range }
  | {
      readonly kind: 'slice'
      readonly of: Node
      readonly start?: Node
      readonly stop?: Node
      readonly step?: Node
      readonly at: Range
    }
  | { readonly kind: 'unary'; readonly operator: 'not' | '-' | '+'; readonly of: Node; readonly at: Range }
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: Node
      readonly right: Node
      readonly at: Range
    }
  | {
      readonly kind: 'condition'
      readonly test: Node
      readonly then: Node
      readonly otherwise?: Node
      readonly at: Range
    }
  | {
      readonly kind: 'filter'
      readonly of: Node
      readonly name: string
      readonly args: readonly Node[]
      readonly named: Readonly<Record<string, Node>>
      readonly at: Range
    }
  | {
      readonly kind: 'test'
      readonly of: Node
      readonly name: string
      readonly args: readonly Node[]
      readonly negate: boolean
      readonly at: Range
    }

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '//'
  | '%'
  | '**'
  | '~'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'and'
  | 'or'
  | 'in'
  | 'not in'
