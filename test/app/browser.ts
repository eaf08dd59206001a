/** A browser without scripts: keeps cookies, does not follow redirects, and fills in the forms it was given. */
export interface Browser {
  readonly cookies: Map<string, string>
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Page>
  /** Sends the form of the page last shown whose action is this; what is not given keeps its value. */
  submit(
    action: string,
    values?: Readonly<Record<string, string>>,
    file?: { name: string; content: Uint8Array },
  ): Promise<Page>
  /** Sends fields without having seen a form. */
  post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Page>
}

export interface Page {
  readonly status: number
  readonly location: string | undefined
  readonly headers: Headers
  readonly text: string
  readonly forms: readonly Form[]
}

export interface Form {
  readonly action: string
  readonly multipart: boolean
  readonly fields: Readonly<Record<string, string>>
}

export function openBrowser(origin: string | (() => string), language = 'en'): Browser {
  const cookies = new Map<string, string>()
  let last: Page | undefined
  const base = typeof origin === 'string' ? () => origin : origin

  const ask = async (path: string, init: RequestInit): Promise<Page> => {
    const response = await fetch(base() + path, {
      ...init,
      redirect: 'manual',
      headers: {
        'accept-language': language,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(init.headers as Record<string, string>),
      },
    })
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ')
      const name = pair.slice(0, pair.indexOf('='))
      const value = pair.slice(name.length + 1)
      const gone = attributes.some((each) => each.startsWith('Expires=Thu, 01 Jan 1970')) || value === ''
      if (gone) cookies.delete(name)
      else cookies.set(name, value)
    }
    const text = await response.text()
    const page: Page = {
      status: response.status,
      location: response.headers.get('location') ?? undefined,
      headers: response.headers,
      text,
      forms: formsIn(text),
    }
    if (page.forms.length > 0) last = page
    return page
  }
  const browser: Browser = {
    cookies,
    get: async (path, headers = {}) => await ask(path, { headers }),
    async submit(action, values = {}, file) {
      const form = last?.forms.find((each) => each.action === action)
      if (form === undefined)
        throw new Error(`no form ${action} on the page: ${last?.forms.map((each) => each.action).join(' ')}`)
      const fields = { ...form.fields, ...values }
      if (!form.multipart) return await browser.post(action, fields)
      const body = new FormData()
      for (const [name, value] of Object.entries(fields)) body.set(name, value)
      if (file !== undefined) body.set('cover', new Blob([file.content as Uint8Array<ArrayBuffer>]), file.name)
      return await ask(action, { method: 'POST', body })
    },
    post: async (path, fields, headers = {}) =>
      await ask(path, { method: 'POST', body: new URLSearchParams(fields), headers: { ...headers } }),
  }
  return browser
}

function formsIn(html: string): readonly Form[] {
  return [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, attributes = '', inside = '']) => {
    const fields: Record<string, string> = {}
    for (const [tag] of inside.matchAll(/<input\b[^>]*>/g)) {
      const name = attribute(tag, 'name')
      if (name !== undefined && attribute(tag, 'type') !== 'file') fields[name] = attribute(tag, 'value') ?? ''
    }
    for (const [, open = '', content = ''] of inside.matchAll(/<textarea\b([^>]*)>(.*?)<\/textarea>/gs))
      fields[attribute(open, 'name') ?? ''] = unescape(content)
    for (const [, open = '', content = ''] of inside.matchAll(/<select\b([^>]*)>(.*?)<\/select>/gs)) {
      const options = [...content.matchAll(/<option\b[^>]*>/g)].map(([option]) => option)
      const chosen = options.find((option) => / selected/.test(option)) ?? options[0] ?? ''
      fields[attribute(open, 'name') ?? ''] = attribute(chosen, 'value') ?? ''
    }
    return {
      action: attribute(attributes, 'action') ?? '',
      multipart: attributes.includes('multipart/form-data'),
      fields,
    }
  })
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]
  return value === undefined ? undefined : unescape(value)
}

export function unescape(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
