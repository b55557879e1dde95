/** A command line that was understood. Values are as they were typed; the use case judges them. */
export type Command =
  | { readonly name: 'serve' }
  | { readonly name: 'migrate' }
  | { readonly name: 'demo' }
  | {
      readonly name: 'user create'
      readonly email: string
      readonly superuser: boolean
      readonly staff: boolean
    }
  | { readonly name: 'user list' }
  | { readonly name: 'user deactivate'; readonly email: string }
  | { readonly name: 'keys rotate'; readonly now: boolean }
  | { readonly name: 'audit verify'; readonly checkpoint: string | undefined }
  | { readonly name: 'audit checkpoint'; readonly file: string | undefined }
  | { readonly name: 'backup'; readonly file: string }
  | { readonly name: 'restore'; readonly file: string }
  | { readonly name: 'move'; readonly to: string | undefined }
  | { readonly name: 'doctor' }

export type CommandName = Command['name']

/** The command of one name: what its `run` is given. */
export type CommandOf<Name extends CommandName> = Extract<Command, { readonly name: Name }>
