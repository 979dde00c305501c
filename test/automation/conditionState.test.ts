import { describe, expect, test } from 'vitest'
import { afterLook, newConditionState, type Look } from '../../src/server/automation/conditionState.js'

type Rule = Parameters<typeof afterLook>[0]

/** One look a minute: `t` true, `f` false, `T` true while the last run is open. Answers with the minutes in which it fires. */
function fires(rule: Partial<Rule>, looks: string): readonly number[] {
  let state = newConditionState
  return [...looks].flatMap((look, minute) => {
    const seen: Look = { isTrue: look !== 'f', isOpen: look === 'T', now: minute * 60 }
    const after = afterLook({ trigger: 'edge', debounceSeconds: 0, cooldownSeconds: 60, ...rule }, state, seen)
    expect(after.state.firings - state.firings).toBe(after.fires ? 1 : 0)
    state = JSON.parse(JSON.stringify(after.state)) as typeof state
    return after.fires ? [minute] : []
  })
}

describe('edge', () => {
  test.each<[string, number[]]>([
    ['ffttttf', [2]],
    ['ttt', [0]],
    ['tftft', [0, 2, 4]],
    ['ffff', []],
    // One that is not decided yet is waited for.
    ['tfTTt', [0, 4]],
    ['tfTf', [0]],
  ])('%s', (looks, minutes) => {
    expect(fires({}, looks)).toEqual(minutes)
  })

  test.each<[string, number[]]>([
    ['fttttf', [3]],
    ['ftftftft', []],
    ['fttftttt', [6]],
    ['tttfttt', [2, 6]],
  ])('debounced by two minutes: %s', (looks, minutes) => {
    expect(fires({ debounceSeconds: 120 }, looks)).toEqual(minutes)
  })
})

describe('level', () => {
  test.each<[Partial<Rule>, string, number[]]>([
    [{}, 'ftttf', [1, 2, 3]],
    [{ cooldownSeconds: 180 }, 'ttttttt', [0, 3, 6]],
    [{ cooldownSeconds: 180 }, 'tftftftf', [0, 4]],
    [{ debounceSeconds: 120 }, 'tttttt', [2, 3, 4, 5]],
    [{}, 'tTTt', [0, 3]],
  ])('%o: %s', (rule, looks, minutes) => {
    expect(fires({ trigger: 'level', ...rule }, looks)).toEqual(minutes)
  })
})
