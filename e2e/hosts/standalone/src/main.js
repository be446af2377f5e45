import 'vodrop/element/standalone';
