import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

export interface EditorDiagnostic {
  readonly message: string
  readonly range: { readonly start: { readonly line: number; readonly character: number } }
}

/** An editor that has one file open: yaml-language-server, asked over stdio as an editor asks it (LSP 3.17). */
export interface Editor {
  /** Takes a new text of the file; gives what is wrong with it. */
  open(text: string): Promise<readonly EditorDiagnostic[]>
  /** Labels of what is offered behind a place in the text (counted from 0). */
  complete(line: number, character: number): Promise<readonly string[]>
  hover(line: number, character: number): Promise<string>
  close(): Promise<void>
}

/** `file` need not exist; schemas that it names are found relative to it. */
export async function startEditor(file: string): Promise<Editor> {
  const program = createRequire(import.meta.url).resolve('yaml-language-server/bin/yaml-language-server')
  const server = spawn(process.execPath, [program, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] })
  const uri = pathToFileURL(file).href
  const waiting = new Map<number, (message: Message) => void>()
  let published: ((list: readonly EditorDiagnostic[]) => void) | undefined
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
  const settings = {
    validate: true,
    completion: true,
    hover: true,
    format: { enable: false },
    schemaStore: { enable: false },
  }
  const received = (message: Message): void => {
    if (message.method === undefined) waiting.get(message.id ?? -1)?.(message)
    else if (message.method === 'textDocument/publishDiagnostics')
      published?.((message.params as { diagnostics: readonly EditorDiagnostic[] }).diagnostics)
    else if (message.method === 'workspace/configuration') {
      const { items } = message.params as { items: readonly { section?: string }[] }
      send({ id: message.id, result: items.map(({ section }) => (section === 'yaml' ? settings : null)) })
    } else if (message.id !== undefined) send({ id: message.id, result: null })
  }
  let buffered = Buffer.alloc(0)
  server.stdout.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk])
    for (;;) {
      const end = buffered.indexOf('\r\n\r\n')
      const length = Number(/Content-Length: (\d+)/i.exec(buffered.subarray(0, Math.max(0, end)).toString())?.[1])
      if (end < 0 || buffered.length < end + 4 + length) return
      const body = buffered.subarray(end + 4, end + 4 + length).toString()
      buffered = buffered.subarray(end + 4 + length)
      received(JSON.parse(body) as Message)
    }
  })
  let ids = 0
  const ask = async (method: string, params: object | null): Promise<unknown> => {
    ids += 1
    const id = ids
    const { promise, resolve } = Promise.withResolvers<Message>()
    waiting.set(id, resolve)
    send({ id, method, params })
    const { result, error } = await promise
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }
  await ask('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {
      workspace: { configuration: true },
      textDocument: {
        completion: { completionItem: { snippetSupport: true } },
        hover: { contentFormat: ['plaintext'] },
      },
    },
  })
  send({ method: 'initialized', params: {} })
  send({ method: 'workspace/didChangeConfiguration', params: { settings: { yaml: settings } } })
  let version = 0
  const at = (line: number, character: number): object => ({ textDocument: { uri }, position: { line, character } })
  return {
    async open(text) {
      const { promise, resolve } = Promise.withResolvers<readonly EditorDiagnostic[]>()
      published = resolve
      version += 1
      if (version === 1)
        send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'yaml', version, text } } })
      else
        send({
          method: 'textDocument/didChange',
          params: { textDocument: { uri, version }, contentChanges: [{ text }] },
        })
      return await promise
    },
    async complete(line, character) {
      const result = (await ask('textDocument/completion', at(line, character))) as {
        items?: readonly { label: string }[]
      } | null
      return (result?.items ?? []).map(({ label }) => label)
    },
    async hover(line, character) {
      const result = (await ask('textDocument/hover', at(line, character))) as { contents?: unknown } | null
      return JSON.stringify(result?.contents ?? '')
    },
    async close() {
      await ask('shutdown', null)
      send({ method: 'exit' })
      if (server.exitCode === null) await once(server, 'exit')
    },
  }
}
