import * as v from 'valibot'
import { fromJsonText } from './jsonText.js'

/** Reads one message of a protocol between browser and server: undefined for anything but exactly one. The reader never throws. */
export function messageReader<message>(schema: v.GenericSchema<unknown, message>): (text: string) => message | undefined {
  return (text) => {
    try {
      const parsed = v.safeParse(schema, fromJsonText(text))
      return parsed.success ? parsed.output : undefined
    } catch {
      return undefined
    }
  }
}
