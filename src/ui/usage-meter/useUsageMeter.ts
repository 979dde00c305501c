'use client'
import type { Direction } from '../../permissions/direction.js'
import { useMessages } from '../MessagesProvider.js'
import { describeUsage, type DescribeUsageParameters, type UsageDescription } from './describeUsage.js'

export type UseUsageMeterParameters = DescribeUsageParameters

export type UseUsageMeterReturnType = UsageDescription & {
  /** What makes an element this meter. Where there is no number it is a group of text, as a meter must have one. */
  meterProps: MeterProps
}

type MeterProps = { lang: string; dir: Direction; 'aria-label': string } & (
  | { role: 'group' }
  | { role: 'meter'; 'aria-valuemin': 0; 'aria-valuemax': 100; 'aria-valuenow': number; 'aria-valuetext': string }
)

/** One limit as a meter of your own: how much is left, in words and as a share. */
export function useUsageMeter(parameters: UseUsageMeterParameters): UseUsageMeterReturnType {
  const messages = useMessages(parameters.messages)
  const description = describeUsage({ ...parameters, messages })
  const { leftShare, name, valueText } = description
  const words = { lang: messages.locale, dir: messages.direction, 'aria-label': name }
  const meterProps: MeterProps =
    leftShare === undefined
      ? { ...words, role: 'group' }
      : {
          ...words,
          role: 'meter',
          'aria-valuemin': 0,
          'aria-valuemax': 100,
          'aria-valuenow': Math.round(leftShare * 100),
          'aria-valuetext': valueText,
        }
  return { ...description, meterProps }
}
