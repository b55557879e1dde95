export interface Note {
  readonly id: number
  readonly text: string
  /** The id of the user. */
  readonly author: string
  approved: boolean
}

export const notes: Note[] = [{ id: 1, text: 'Buy milk', author: '1', approved: false }]

export function add(text: string, author: string): Note {
  const note = { id: notes.length + 1, text, author, approved: false }
  notes.push(note)
  return note
}

export function approve(id: number): Note | undefined {
  const note = notes.find(candidate => candidate.id === id)
  if (note !== undefined) note.approved = true
  return note
}
