import { render } from 'preact';

import { App } from './app.js';
import './styles/base.css';
import './styles/chrome.css';
import './styles/sidebar.css';
import './styles/feed.css';
import './styles/compose.css';
import './styles/card.css';
import './styles/panel.css';
import './styles/dialog.css';

const root = document.getElementById('app');
if (root) render(<App />, root);
