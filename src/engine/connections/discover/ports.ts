import type { HostPort } from '../types';

/** Where a service's inner port is published on this machine; undefined when it is not, or by chance only. */
export function publishedPort(ports: unknown[], inside: number): HostPort | undefined {
  for (const item of ports) {
    const place =
      typeof item === 'object' && item !== null
        ? longForm(item as Record<string, unknown>, inside)
        : shortForm(String(item), inside);
    if (place) return place;
  }
  return undefined;
}

/** `[address:]published:target[/tcp]`, ranges allowed on both sides. */
function shortForm(text: string, inside: number): HostPort | undefined {
  const match = /^(?:(?:\[([^\]]*)\]|([\d.]*|localhost)):)?(\d+)(?:-(\d+))?:(\d+)(?:-(\d+))?(?:\/tcp)?$/.exec(
    text.trim(),
  );
  if (!match) return undefined;
  const [, ipv6, ipv4, published, , target, targetEnd] = match;
  const offset = inside - Number(target);
  if (offset < 0 || inside > Number(targetEnd ?? target)) return undefined;
  return { host: reachableHost(ipv6 ?? ipv4), port: Number(published) + offset };
}

function longForm(port: Record<string, unknown>, inside: number): HostPort | undefined {
  const published = Number(port.published);
  if (Number(port.target) !== inside || !(published > 0) || (port.protocol ?? 'tcp') !== 'tcp')
    return undefined;
  return {
    host: reachableHost(typeof port.host_ip === 'string' ? port.host_ip : undefined),
    port: published,
  };
}

function reachableHost(address: string | undefined): string {
  return !address || address === '0.0.0.0' || address === '::' ? 'localhost' : address;
}
