from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0001_first'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='glass',
            name='for_handover',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='glass',
            name='looks',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='glass',
            index=models.Index(fields=['-asked_at', 'id'], name='glass_newest'),
        ),
        migrations.AddIndex(
            model_name='glass',
            index=models.Index(condition=models.Q(('reviewed_at', None)), fields=['-asked_at', 'id'], name='glass_to_review'),
        ),
    ]
