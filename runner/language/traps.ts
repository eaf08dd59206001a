import { SecretSource } from '../secret.ts'

const schemes = ['env', 'file', 'ssm', 'secretsmanager', 'sops'] as const

/** Understands what stands behind `!secret`. */
export function secretSource(text: string): { source?: SecretSource; wrong: string } {
  const [scheme, ...rest] = text.split(':')
  const name = rest.join(':')
  const known = schemes.find((one) => one === scheme)
  if (!known || name === '')
    return { wrong: known ? `!secret ${text} names nothing` : `!secret does not know where \`${text}\` is` }
  if (known === 'env' && !/^\w+$/.test(name)) return { wrong: `\`${name}\` is not the name of an environment variable` }
  if (known === 'sops' && !name.includes('#')) return { wrong: `!secret ${text} does not say which member of the file` }
  return { source: new SecretSource(known, name), wrong: '' }
}

/** Plain scalars that mean something else than they look like. */
export function plainTrap(
  text: string,
  value: unknown,
): { code: `E${number}`; message: string; hint: string } | undefined {
  if (typeof value === 'string' && /^(?:yes|no|on|off)$/i.test(text)) {
    const truth = /^(?:yes|on)$/i.test(text)
    return {
      code: 'E104',
      message: `\`${text}\` is a text in YAML 1.2, not a boolean`,
      hint: `write ${truth}; or "${text}" where the text is meant`,
    }
  }
  if (typeof value === 'number' && /^[-+]?0\d+$/.test(text)) {
    return {
      code: 'E105',
      message: `\`${text}\` is the number ${value} in YAML 1.2, not an octal one`,
      hint: `write "${text}"`,
    }
  }
  if (typeof value === 'number' && /^0o[0-7]+$/.test(text)) {
    return { code: 'E105', message: `\`${text}\` is the number ${value}`, hint: `write "0${text.slice(2)}"` }
  }
  if (typeof value === 'number' && /^\d+\.\d*0$/.test(text)) {
    return {
      code: 'E106',
      message: `\`${text}\` is a number, ${value}: the last digit is lost`,
      hint: `write "${text}"`,
    }
  }
  return undefined
}
