import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './styles/base.css';
import './styles/layout.css';
import './styles/parts.css';
import { followTheme } from './ui/theme.ts';
import { followAddress } from './view.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element #root.');

followTheme();
followAddress();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
