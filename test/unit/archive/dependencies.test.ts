import assert from 'node:assert/strict';
import { dependencyGraph } from '../../../src/engine/archive';

describe('dependencies between entries', () => {
  const entry = (id: number, ...dependencies: number[]) => ({ id, dependencies });
  // In restore order, with gaps, doubles, a loop (40, 50), itself, and ids that are not there.
  const graph = dependencyGraph([
    entry(7),
    entry(3, 7, 7, 999),
    entry(40, 50, 3),
    entry(50, 40),
    entry(9, 9, 3, 1000, 999),
    entry(8),
  ]);

  it('are told both ways, each once', () => {
    assert.deepEqual(graph.needs(3), [7]);
    assert.deepEqual(graph.needs(40), [3, 50]);
    assert.deepEqual(graph.needs(9), [3]);
    assert.deepEqual(graph.neededBy(3), [40, 9]);
    assert.deepEqual(graph.neededBy(8), []);
    assert.deepEqual(graph.missing(9), [1000, 999]);
    assert.deepEqual([graph.needs(999), graph.neededBy(999), graph.missing(999)], [[], [], []]);
  });

  it('are followed to the end, through loops, without what was asked for', () => {
    assert.deepEqual(graph.closure([40]), { needs: [7, 3, 50], missing: [999] });
    assert.deepEqual(graph.closure([40, 3, 999]), { needs: [7, 50], missing: [999] });
    assert.deepEqual(graph.closure([]), { needs: [], missing: [] });
    assert.deepEqual(graph.dependents([7]), [3, 40, 50, 9]);
    assert.deepEqual(graph.dependents([50]), [40]);
  });

  it('are followed without recursion and without going the same way twice', () => {
    const count = 50_000;
    const chain = Array.from({ length: count }, (_, i) => entry(i + 1, i, Math.max(1, i - 1), 1));
    const long = dependencyGraph(chain);
    assert.equal(long.closure([count]).needs.length, count - 1);
    assert.equal(long.dependents([1]).length, count - 1);
    assert.equal(long.neededBy(1).length, count - 1);
  });
});
