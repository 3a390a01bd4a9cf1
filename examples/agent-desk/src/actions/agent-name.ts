import { createStore } from '../ui/store.ts';

/**
 * The name under which notes and attempts are recorded, until the page is left. Where agents log in, take it from
 * their session.
 */
export const agentName = createStore('agent');
