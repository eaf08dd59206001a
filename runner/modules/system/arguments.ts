/** Schema pieces that several modules of this family share; spread into a property beside its description. */
export const absolutePath = { type: 'string', pattern: '^/[^\\n\\r\\u0000]*$' } as const

/** Where a file is to stand: a directory's name with a slash at its end is no file's name. */
export const filePath = { type: 'string', pattern: '^/[^\\n\\r\\u0000]*[^/\\n\\r\\u0000]$' } as const

export const octalMode = { type: 'string', pattern: '^[0-7]{3,4}$' } as const

/** A name, or a number as `id` prints it. */
export const account = { type: ['string', 'integer'], pattern: '^[A-Za-z0-9_][A-Za-z0-9_.@$-]*$', minimum: 0 } as const

export const attributes = {
  owner: { ...account, description: 'User that owns it: a name or a uid. Default: left as it is.' },
  group: { ...account, description: 'Group that owns it: a name or a gid. Default: left as it is.' },
  mode: { ...octalMode, description: 'Permissions in octal, quoted: "0644". Default: left as they are.' },
} as const

/** A name as useradd(8) and groupadd(8) of Debian accept it. */
export const accountName = { type: 'string', pattern: '^[a-z_][a-z0-9_.-]{0,31}$' } as const
