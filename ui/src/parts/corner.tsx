import '@mantine/notifications/styles.css';
import { Notifications } from '@mantine/notifications';

/** In a file of its own, so that its script and styles are fetched when there is something to say. */
export function Corner() {
  return <Notifications position="bottom-right" />;
}
