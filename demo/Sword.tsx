/** Every sword has its own blade and colour, made from its number. A bought one has a golden hilt. */
export function Sword({ id, bought }: { id: number; bought: boolean }) {
  const hue = Math.round((id * 137.508 + 210) % 360)
  return (
    <svg className="sword-picture" viewBox="0 0 64 96" role="img" aria-label={`Sword number ${id}${bought ? ', with a golden hilt' : ''}`} data-bought={bought}>
      <g style={{ '--hue': hue } as React.CSSProperties}>
        <path className="blade" d={blades[id % blades.length]} />
        <path className="fuller" d="M32 16v42" />
        <path className="hilt" d={guards[id % guards.length]} />
        <path className="grip" d="M29.500 67h5v15h-5z" />
        <circle className="hilt" cx="32" cy="86" r="4.200" />
      </g>
    </svg>
  )
}

const blades = [
  'M32 4l6 10v48H26V14z',
  'M32 4c7 14 8 34 5 58H26c-2-20 0-42 6-58z',
  'M32 4c4 8 9 14 9 26 0 10-4 14-4 32H27c0-18-4-22-4-32 0-12 5-18 9-26z',
  'M32 4l4 8-2 8 4 9-3 9 3 9-2 15h-8l-2-15 3-9-3-9 4-9-2-8z',
  'M28 8l4-4 4 4 3 54H25z',
]

const guards = ['M16 62h32v5H16z', 'M14 60c6 4 12 2 18 2s12 2 18-2v6c-6 3-12 2-18 2s-12 1-18-2z', 'M18 66c2-5 8-5 14-5s12 0 14 5l-4 2H22z']
