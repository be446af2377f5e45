import { copyFileSync, mkdirSync } from 'node:fs';

mkdirSync('dist', { recursive: true });
copyFileSync('index.html', 'dist/index.html');

export default {
  mode: 'production',
  entry: './main.js',
  output: { publicPath: '/' },
  performance: { hints: false },
  module: { rules: [{ test: /\.css$/, use: ['style-loader', 'css-loader'], type: 'javascript/auto' }] },
};
