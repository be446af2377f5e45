import { useForm as useTanStackForm } from '@tanstack/react-form';
import { createRoot } from 'react-dom/client';
import { Controller, useForm } from 'react-hook-form';
import { Uploader } from 'vodrop';
import 'vodrop/styles.css';

const where = { endpoint: '/api/uploads', provider: 'huawei-vod' };
const save = (value) => {
  document.querySelector('#saved').textContent = JSON.stringify(value);
};

function HookForm() {
  const { control, handleSubmit, reset } = useForm({ defaultValues: { video: [] } });
  return (
    <form id="hook-form" onSubmit={handleSubmit(({ video }) => save(video))}>
      <Controller
        name="video"
        control={control}
        rules={{ validate: (ids) => ids.length > 0 || 'Add a video to the lesson.' }}
        render={({ field: { name: _, ...field }, fieldState }) => (
          <>
            <Uploader {...where} scope="video" maxFiles={1} countReady {...field} />
            {fieldState.error && <p role="alert">{fieldState.error.message}</p>}
          </>
        )}
      />
      <button>Save with React Hook Form</button>
      <button type="button" onClick={() => reset()}>
        Reset
      </button>
    </form>
  );
}

function TanStackForm() {
  const form = useTanStackForm({
    defaultValues: { trailer: [] },
    onSubmit: ({ value }) => save(value.trailer),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void form.handleSubmit();
      }}
    >
      <form.Field
        name="trailer"
        validators={{ onSubmit: ({ value }) => (value.length > 0 ? undefined : 'Add a trailer.') }}
      >
        {(field) => (
          <>
            <Uploader
              {...where}
              scope="trailer"
              value={field.state.value}
              onChange={field.handleChange}
              onBlur={field.handleBlur}
            />
            {field.state.meta.errors.length > 0 && <p role="alert">{field.state.meta.errors.join(' ')}</p>}
          </>
        )}
      </form.Field>
      <button>Save with TanStack Form</button>
    </form>
  );
}

createRoot(document.querySelector('#root')).render(
  <>
    <HookForm />
    <TanStackForm />
    <output id="saved" />
  </>,
);
