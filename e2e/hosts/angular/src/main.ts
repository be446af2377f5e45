import { bootstrapApplication } from '@angular/platform-browser';
import { Upload } from './upload';

bootstrapApplication(Upload).catch((error) => console.error(error));
